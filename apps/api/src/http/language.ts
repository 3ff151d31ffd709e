import type { Language } from '@qiyue/civic-domain';
import type { Request } from 'express';

/** The reader's language by `Accept-Language`; Chinese when it names neither. */
export const languageOf = (req: Request): Language => (req.acceptsLanguages('zh-CN', 'zh', 'en') === 'en' ? 'en' : 'zh-CN');
