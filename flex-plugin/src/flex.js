import { startBeacon } from './beacon';

/**
 * Connects the beacon with Flex UI 2.
 *
 * @param Flex the Flex UI module
 * @param manager Flex' manager
 * @param {string} url of ingest's /beacon/focus
 * @param {number} [heartbeat] milliseconds
 */
export function connect(Flex, manager, url, heartbeat) {
  const selected = () => {
    const { view, worker } = manager.store.getState().flex;
    const onScreen = !view.activeView || view.activeView === 'agent-desktop';
    const reservationSid = (onScreen && view.selectedTaskSid) || null;
    const task = reservationSid && worker.tasks && worker.tasks.get(reservationSid);
    return { reservationSid, taskSid: task ? task.taskSid : null };
  };
  const beacon = startBeacon({ url, token: () => manager.user.token, selected, heartbeat });
  // the store contains what is on screen, whichever action or URL caused it
  manager.store.subscribe(beacon.changed);
  Flex.Actions.addListener('afterSelectTask', beacon.changed);
  Flex.Actions.addListener('beforeLogout', beacon.stop);
  return beacon;
}
