import { createTheme, type CSSVariablesResolver, type MantineThemeComponent } from '@mantine/core';

/** A dialog is no landmark of the page, and its button with the cross has a name. */
const dialog: MantineThemeComponent = { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } };
const dialogHeader: MantineThemeComponent = { defaultProps: { role: 'presentation' } };

export const theme = createTheme({
  primaryColor: 'blue',
  // The shades with enough contrast for text (WCAG AA) in each theme.
  primaryShade: { light: 8, dark: 8 },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, monospace',
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Modal: dialog,
    Drawer: dialog,
    ModalHeader: dialogHeader,
    DrawerHeader: dialogHeader,
    // Every dialog has a title, which counts more than this, except that of ⌘K.
    ModalContent: { defaultProps: { 'aria-label': 'Find' } },
    // A menu has nothing but its items, and is where its button is.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false, withinPortal: false } },
    // The colour itself has too little contrast on its own shade.
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
  },
});

/** Mantine's own dimmed text has too little contrast in both themes (WCAG AA). */
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#5c6670' },
  dark: { '--mantine-color-dimmed': '#a3adb8' },
});
