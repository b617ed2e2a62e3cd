import { count, decimal, percent, score, seconds } from './format.js';
import { mosLevel, waitLevel } from './levels.js';

/** The names and units of a row's numbers. */

const time = value => seconds(value);
const millis = value => `${decimal(value)} ms`;
const characters = value => `${decimal(value)} characters`;
const ofFive = value => `${score(value)} of 5`;
const times = value => `${count(value)} ×`;

const metric = (key, name, show, hint, more = {}) => ({ key, name, show, hint, ...more });

const NO_CALL = ['no call', 'Only calls have a score'];
const NO_REPLY = ['no reply', 'The agent sent no reply that counts'];
const NO_TEXT = ['no text', 'There was no message with text'];

/** In the order in which they are shown. Numbers with `main` are always shown: with the reason if they do not exist. */
export const GROUPS = [
  {
    name: 'Answering',
    metrics: [
      metric('firstResponseTime', 'First response', time, 'from acceptance to the first message of the agent', { main: NO_REPLY, level: waitLevel }),
      metric('averageResponseTime', 'Response, average', time, 'of the counted waits', { main: NO_REPLY, level: waitLevel }),
      metric('firstResponseTimeInHours', 'First response, open', time, 'in business hours, from acceptance to the first message of the agent'),
      metric('averageResponseTimeInHours', 'Response, open', time, 'in business hours, the average of the counted waits'),
      metric('medianResponseTime', 'Response, median', time, 'of the counted waits'),
      metric('p90ResponseTime', 'Response, 90 % within', time, 'nine of ten counted waits are no longer'),
      metric('longestResponseTime', 'Longest wait', time, 'of the counted waits', { level: waitLevel }),
      metric('countedWaits', 'Counted waits', count, 'the waits that make up the average'),
      metric('unansweredMessages', 'Unanswered', count, 'messages of the customer since the last reply'),
      metric('lastCustomerMessageToEnd', 'Last message to end', time, 'from the last message of the customer to wrap-up or end'),
      metric('customerIdleTime', 'Customer’s turn', time, 'how long it was the customer’s turn to write'),
      metric('agentIdleTime', 'Agent’s turn', time, 'how long the customer waited for the agent to write'),
    ],
  },
  {
    name: 'Messages',
    metrics: [
      metric('agentMessages', 'Of the agent', count, 'messages', { main: NO_TEXT }),
      metric('customerMessages', 'Of the customer', count, 'messages', { main: NO_TEXT }),
      metric('averageAgentLength', 'Agent’s length', characters, 'on average, of messages with text', { main: NO_TEXT }),
      metric('averageCustomerLength', 'Customer’s length', characters, 'on average, of messages with text', { main: NO_TEXT }),
      metric('agentTurns', 'Agent’s turns', count, 'how often the agent began to write'),
      metric('agentMedia', 'Agent’s files', count, 'files sent'),
      metric('customerMedia', 'Customer’s files', count, 'files sent'),
      metric('botMessages', 'Of bots', count, 'messages between acceptance and wrap-up or end'),
      metric('inactivityWarnings', 'Warnings', count, 'sent to the customer because of inactivity'),
    ],
  },
  {
    name: 'Attention',
    metrics: [
      metric('focusTime', 'Focus', time, 'how long it was on the agent’s screen', {
        main: ['no data', 'The agent’s browser reported nothing for this conversation'],
      }),
      metric('focusShare', 'Focus share', percent, 'share of the time from acceptance to wrap-up or end'),
      metric('focusSwitches', 'Focus switches', times, 'how often the agent switched to it'),
      metric('concurrency', 'Open at once', decimal, 'open conversations of the agent, on average, this one included'),
      metric('estimatedFocusTime', 'Focus, estimated', time, 'while it was the only open one; estimated, not measured'),
    ],
  },
  {
    name: 'Call',
    metrics: [
      metric('mos', 'Score', ofFive, 'mean opinion score of what the agent heard', { main: NO_CALL, level: mosLevel }),
      metric('minimumMos', 'Lowest score', ofFive, 'of the samples', { level: mosLevel }),
      metric('lowMosShare', 'Low samples', percent, 'samples with a score below 3.5'),
      metric('mosSamples', 'Samples', count, 'one every ten seconds'),
      metric('averageJitter', 'Jitter', millis, 'on average'),
      metric('averageRoundTripTime', 'Round trip', millis, 'on average'),
      metric('packetLoss', 'Packet loss', value => `${decimal(value * 100)} %`, 'packets that were lost'),
    ],
  },
];

const KNOWN = new Set(GROUPS.flatMap(({ metrics }) => metrics.map(({ key }) => key)));

/** Numbers that a newer server sends and this page does not have. */
export const others = values => Object.keys(values).filter(key => !KNOWN.has(key));
