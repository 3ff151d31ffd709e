import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { bytesOf, cutToBytes } from './cut-to-bytes';
import { DINGTALK, dingtalkSignature } from './dingtalk.dialect';
import { WECOM } from './wecom.dialect';

const message = (subject: string, text: string) => ({ key: 'k', to: 'r', subject, text });
const LONG = '逾期😀'.repeat(3_000);

describe('cutting a text', () => {
  it('leaves what fits, and ends the rest with … within the bound', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 3, max: 40 }), (text, bytesMax) => {
        const cut = cutToBytes(text, bytesMax);
        expect(bytesOf(cut)).toBeLessThanOrEqual(bytesMax);
        if (bytesOf(text) <= bytesMax) return expect(cut).toBe(text);
        expect(cut.endsWith('…') && text.startsWith(cut.slice(0, -1))).toBe(true);
        expect(bytesMax - bytesOf(cut)).toBeLessThan(4); // no whole character more would fit
      }),
    );
  });

  it('never leaves half a character', () => {
    expect([10, 9, 8, 7, 6].map((bytesMax) => cutToBytes('甲乙丙丁', bytesMax))).toEqual(['甲乙…', '甲乙…', '甲…', '甲…', '甲…']);
    expect(cutToBytes('😀😀', 7)).toBe('😀…');
  });
});

describe('the body for WeCom', () => {
  it('is text up to 2,048 bytes, and Markdown up to 4,096 beyond', () => {
    const fits = message('甲', '字'.repeat(681)); // 3 + 1 + 2043 bytes
    expect(WECOM.bodyOf(fits)).toEqual({ msgtype: 'text', text: { content: `甲\n${fits.text}` } });
    const { msgtype, markdown } = WECOM.bodyOf(message('甲', '字'.repeat(682))) as { msgtype: string; markdown: { content: string } };
    expect([msgtype, markdown.content]).toEqual(['markdown', `**甲**\n${'字'.repeat(682)}`]);
    const cut = WECOM.bodyOf(message('甲', LONG)) as { markdown: { content: string } };
    expect(bytesOf(cut.markdown.content)).toBeLessThanOrEqual(4_096);
    expect(bytesOf(cut.markdown.content)).toBeGreaterThan(4_090);
  });

  it('does not let a title call people or make links', () => {
    expect(WECOM.bodyOf(message('<@all> 坡道', ''))).toEqual({ msgtype: 'text', text: { content: '＜@all> 坡道\n' } });
    const { markdown } = WECOM.bodyOf(message('[点我](http://example.org) <@all>', `# 大\n**粗** ${LONG}`)) as { markdown: { content: string } };
    expect(markdown.content.split('\n').slice(0, 2)).toEqual(['**［点我］(http://example.org) ＜@all＞**', '＃ 大']);
    expect(markdown.content).toContain('＊＊粗＊＊');
  });
});

describe('the body for DingTalk', () => {
  it('stays below 20,000 bytes and calls nobody', () => {
    const body = DINGTALK.bodyOf(message('<@all>', `"${LONG}`));
    expect(bytesOf(JSON.stringify(body))).toBeLessThan(20_000);
    expect(body).toMatchObject({ msgtype: 'text', at: { atMobiles: [], isAtAll: false } });
  });
});

it('signs as DingTalk documents it', () => {
  // Values made with another implementation (hmac and base64 of Python's library) from the documented rule.
  expect(dingtalkSignature(1577262236757, 'this is secret')).toBe('hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=');
  expect(dingtalkSignature(1736900000000, 'SEC密钥+/')).toBe('oZpIshx+OFHB1uIlkm01Mgl2ZIG0HoqWWdp9xKPSjuo=');
  const url = DINGTALK.addressOf(new URL('https://example.org/robot/send?access_token=t'), 'this is secret', 1577262236757);
  expect(url.search).toBe('?access_token=t&timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D');
});
