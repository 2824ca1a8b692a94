import { render } from 'preact';
import { App } from './app.tsx';
import { startReading } from './state.ts';
import './style.css';

startReading();
const app = document.getElementById('app');
if (app !== null) render(<App />, app);
