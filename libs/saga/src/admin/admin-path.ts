/** The path before `/v1` in the routes of the admin API. */
export class AdminPath {
  constructor(readonly before = '') {}
}
