/** A duration in a request, for @Matches. */
export const durationText = [
  /^[1-9]\d{0,5}[smhd]$/,
  { message: '$property must be a duration such as 90s, 15m, 2h or 7d' },
] as const;
