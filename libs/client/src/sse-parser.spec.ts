import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SseParser } from './sse-parser';

const STREAM = 'retry: 2000\n\nid: 1\ndata: {"a":1}\n\n: still here\n\nid: 2\r\ndata: one\r\ndata: two\r\n\r\nid: 3\ndata: cut';

describe('reading server-sent events', () => {
  it('gives complete events with their ids and skips comments', () => {
    expect(new SseParser().push(STREAM)).toEqual([
      { id: '1', data: '{"a":1}' },
      { id: '2', data: 'one\ntwo' },
    ]);
  });

  it('reads the same from any pieces', () => {
    const whole = new SseParser().push(STREAM);
    fc.assert(
      fc.property(fc.array(fc.nat(STREAM.length), { maxLength: 12 }), (cuts) => {
        const parser = new SseParser();
        const edges = [0, ...[...cuts].sort((a, b) => a - b), STREAM.length];
        const events = edges.slice(1).flatMap((end, i) => parser.push(STREAM.slice(edges[i], end)));
        expect(events).toEqual(whole);
      }),
    );
  });
});
