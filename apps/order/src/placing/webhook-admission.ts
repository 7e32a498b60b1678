/** Decides which URLs an order may have called on its events. Implemented by the webhooks. */
export abstract class WebhookAdmission {
  /** Returns the normalized URL; undefined without one. Throws a problem when an order must not name it. */
  abstract admit(url: string | undefined): string | undefined;
}
