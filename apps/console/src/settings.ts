/** What the server tells the page that it serves. */
export interface Settings {
  /** Of the styles that the page may insert (Content-Security-Policy). */
  readonly nonce?: string;
  /** The path of the admin API, without a slash at its end. */
  readonly adminPath: string;
  /** The services whose APIs the server passes on: the shop's. */
  readonly services: readonly string[];
}

function read(): Settings {
  const text = document.getElementById('settings')?.textContent;
  // The development server has no settings: it passes on the paths of a stack on this machine.
  if (text === undefined || text === null) return { adminPath: '', services: ['order', 'payment', 'inventory'] };
  return JSON.parse(text) as Settings;
}

export const settings: Settings = read();

/** The path of the console, with a slash at its end. */
export const basePath: string = new URL('.', document.baseURI).pathname;

/** The path below which a service's API is passed on. */
export const servicePath = (service: string): string => `${basePath}services/${service}`;
