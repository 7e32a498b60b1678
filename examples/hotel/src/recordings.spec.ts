import { readRecordings, replay } from '@palinode/saga/testing';
import { join } from 'node:path';
import { bookStaySaga } from './book-stay.js';

it.each([...readRecordings(join(import.meta.dirname, 'recordings'))])(
  '%s: the saga decides as it did when it was recorded',
  (_, recording) => {
    replay(bookStaySaga, recording).expectSame();
  },
);
