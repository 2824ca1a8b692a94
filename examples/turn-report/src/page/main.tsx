import { render } from 'preact';
import { App } from './app.tsx';
import { startReading } from './state.ts';
// In this order: later rules win.
import './style.css';
import './turns.css';
import './waterfall.css';
import './details.css';
import './small-screens.css';

startReading();
const app = document.getElementById('app');
if (app !== null) render(<App />, app);
