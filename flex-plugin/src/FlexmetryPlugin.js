import { FlexPlugin } from '@twilio/flex-plugin';
import { connect } from './flex';

export default class FlexmetryPlugin extends FlexPlugin {
  constructor() {
    super('FlexmetryPlugin');
  }

  init(flex, manager) {
    const { flexmetry = {} } = manager.serviceConfiguration.ui_attributes || {};
    const url = flexmetry.beaconUrl || process.env.FLEX_APP_FLEXMETRY_BEACON_URL;
    if (!url) {
      console.warn('Flexmetry: set ui_attributes.flexmetry.beaconUrl or FLEX_APP_FLEXMETRY_BEACON_URL');
      return;
    }
    connect(flex, manager, url, flexmetry.heartbeatMillis);
  }
}
