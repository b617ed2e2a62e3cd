import * as FlexPlugin from '@twilio/flex-plugin';
import FlexmetryPlugin from './FlexmetryPlugin';

FlexPlugin.loadPlugin(FlexmetryPlugin);
