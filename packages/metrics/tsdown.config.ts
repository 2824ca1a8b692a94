// @boundaries-ignore configuration lives once, at the root
import shared from '../../tsdown.config.ts';

// Node's built-ins are there: errors and the operating system's name come from them.
export default { ...shared, platform: 'node' };
