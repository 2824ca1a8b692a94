// @boundaries-ignore configuration lives once, at the root
export { default } from '../../tsdown.config.ts';
