/** Text out of bytes, apart from all drivers of servers, which take half a second to load. */
export { NotUtf8, utf8TextOf } from './json/utf8-text';
