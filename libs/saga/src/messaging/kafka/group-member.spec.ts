import { decodeMember, encodeMember, reporterIn } from './group-member';

describe('the metadata of a group member', () => {
  it('contains its topics, and how many partitions it has seen of each', () => {
    const memberMetadata = encodeMember(['a', 'b'], new Map([['a', 4]]));
    expect(decodeMember({ memberId: 'm', memberMetadata })).toEqual({
      id: 'm',
      topics: ['a', 'b'],
      partitions: new Map([['a', 4]]),
    });
  });

  it('says which instance it is and what that was built from, if that is known', () => {
    const partitions = new Map([['a', 4]]);
    const memberMetadata = encodeMember(['a'], partitions, { name: 'host-17', build: '1.8.0' });
    expect(reporterIn(memberMetadata)).toEqual({ name: 'host-17', build: '1.8.0' });
    expect(decodeMember({ memberId: 'm', memberMetadata }).partitions).toEqual(partitions);
    expect(reporterIn(encodeMember(['a'], partitions))).toEqual({});
    expect(reporterIn(Buffer.alloc(0))).toEqual({});
  });

  it('has the format of version 0, which clients in other languages can read', () => {
    expect(encodeMember(['a'], new Map()).subarray(0, 9)).toEqual(Buffer.from([0, 0, 0, 0, 0, 1, 0, 1, 97]));
  });

  it.each([
    ['null', [0xff, 0xff, 0xff, 0xff]],
    ['empty', [0, 0, 0, 0]],
    ['no JSON', [0, 0, 0, 2, 1, 2]],
    ['the JSON of another client', [0, 0, 0, 1, 0x37]],
    ['the JSON null', [0, 0, 0, 4, 0x6e, 0x75, 0x6c, 0x6c]],
  ])('can be read from other clients, whose user data is %s', (_, userData) => {
    // Version 3 with its further fields: no partitions owned, generation -1, no rack.
    const after = [0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    const memberMetadata = Buffer.from([0, 3, 0, 0, 0, 1, 0, 1, 97, ...userData, ...after]);
    expect(decodeMember({ memberId: 'm', memberMetadata })).toEqual({ id: 'm', topics: ['a'], partitions: new Map() });
  });
});
