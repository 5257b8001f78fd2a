import './locale-guard.ts'; // first: the plots need it
import { render } from 'preact';
import { App } from './app.tsx';
import 'uplot/dist/uPlot.min.css';
import './style.css';

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
