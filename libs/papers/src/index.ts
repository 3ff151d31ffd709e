export { renderPaper, renderReport, type PaperOrigin, type ReportOrigin } from './render';
export { renderWorkbook } from './workbook';
export { streamWorkbook } from './workbook-stream';
