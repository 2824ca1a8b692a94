// `npm start` here, then the suite's own `python test.py http://127.0.0.1:5000/test`; see the README.
import { createW3cService } from './w3c-service.ts';

const port = Number(process.env.PORT ?? 5000);
createW3cService().listen(port, '127.0.0.1', () => console.log(`listening on http://127.0.0.1:${port}/test`));
