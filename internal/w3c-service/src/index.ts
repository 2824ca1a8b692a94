export { createW3cService } from './w3c-service.ts';
