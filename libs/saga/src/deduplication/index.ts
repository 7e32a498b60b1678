export { decide, type DigestedCommand, type InboxDecision, type InboxRow } from './decide';
export { INBOX_DAYS, isRemembered } from './remembered';
