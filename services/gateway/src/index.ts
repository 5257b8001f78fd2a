export { gatewayComponent } from './component.ts';
export { gatewayConfigSchema, type GatewayConfig } from './config.ts';
