import { createTheme } from '@mantine/core';

export const theme = createTheme({
  primaryColor: 'blue',
  // The shades with enough contrast for text (WCAG AA) in each theme.
  primaryShade: { light: 8, dark: 8 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
});
