import { describe, expect, it } from '@jest/globals';
import { PERSONAL_MARKS } from '@qiyue/civic-contracts';
import { z } from 'zod';
import { jsonSchemaOf } from './json-schema';

describe('the JSON Schema of a field', () => {
  it.each(PERSONAL_MARKS)('has no word of ours for the mark %s', (mark) => {
    expect(jsonSchemaOf(z.object({ note: z.string().meta({ [mark]: true }) }), 'output')).not.toMatchObject({
      properties: { note: { [mark]: true } },
    });
  });
  it('says of a personal one that it is personal, as an extension', () => {
    const note = z.string().meta({ personal: true, own: true });
    expect(jsonSchemaOf(z.object({ note }), 'output')).toMatchObject({ properties: { note: { type: 'string', 'x-personal': true } } });
  });
});
