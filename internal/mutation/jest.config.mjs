// @boundaries-ignore configuration lives once, at the root
export { default } from '../../jest.config.mjs';
