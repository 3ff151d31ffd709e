import type { CalendarDocument } from './calendar.document';
import document from './data/cn-2024-2026.json';

/** The State Council's working days of 2024, 2025 and 2026, made by `infra/calendar/make-document.mjs`. */
export const CHINA_2024_2026: CalendarDocument = document;
