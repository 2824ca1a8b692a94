// @boundaries-ignore configuration lives once, at the root
import shared from '../../tsdown.config.ts';

// One file a module: a bundler then drops whole modules, and with them the import of the API from bundles that use
// only the functions which need none.
export default { ...shared, unbundle: true };
