import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './app/console.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app';
import { keepFocus } from './app/keep-focus';
import { settings } from './settings';

// The package get-nonce reads it here, for the style by which a dialog keeps the page from scrolling.
Object.assign(globalThis, { __webpack_nonce__: settings.nonce });

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element #root.');
keepFocus(document);
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
