import type { SendCommand } from '../engine';

/** What a saga sent, and how much of it the test has looked at. */
export class UnseenCommands {
  private readonly sent: SendCommand[] = [];
  private unseen: SendCommand[] = [];

  add(sends: readonly SendCommand[]): void {
    this.sent.push(...sends);
    this.unseen.push(...sends);
  }

  /** What was sent since the last look. */
  take(): readonly SendCommand[] {
    const taken = this.unseen;
    this.unseen = [];
    return taken;
  }

  see(commandId: string): void {
    this.unseen = this.unseen.filter((command) => command.commandId !== commandId);
  }

  first(isMeant: (command: SendCommand) => boolean): SendCommand | undefined {
    return this.sent.find(isMeant);
  }
}
