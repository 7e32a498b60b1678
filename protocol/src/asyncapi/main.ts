import { writeFileSync } from 'node:fs';
import { DOCUMENT, documentPath, toYaml } from './document-file';
import { shopDocument } from './shop';

/** `npm run asyncapi`: writes the document of the contracts and definitions as they are now. */
writeFileSync(documentPath, toYaml(shopDocument()));
console.log(`wrote ${DOCUMENT}`);
