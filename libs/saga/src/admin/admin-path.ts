/** What stands before `/v1` in the paths of the admin API. */
export class AdminPath {
  constructor(readonly before = '') {}
}
