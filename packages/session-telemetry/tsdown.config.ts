// @boundaries-ignore configuration lives once, at the root
import base from '../../tsdown.config.ts';

// Agents run on Node: its built-ins are there.
export default { ...base, platform: 'node' };
