export { renderPaper, type PaperOrigin } from './render';
