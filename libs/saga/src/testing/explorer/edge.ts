/** From one scene to another. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  /** Nothing of this is anybody's ill will: success, an answer, time, an operator who resumes. */
  readonly kind: boolean;
}
