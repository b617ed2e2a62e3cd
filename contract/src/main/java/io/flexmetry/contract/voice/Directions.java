package io.flexmetry.contract.voice;

/**
 * Number of samples by direction of the media stream.
 *
 * @param inbound Twilio's {@code inbound}
 * @param outbound Twilio's {@code outbound}
 * @param both Twilio's {@code both}
 * @param others another direction, or none
 */
public record Directions(long inbound, long outbound, long both, long others) {

    /** No samples. */
    public static final Directions NONE = new Directions(0, 0, 0, 0);

    /** Adds a sample. */
    public Directions plus(CallSample sample) {
        String direction = sample.direction() == null ? "" : sample.direction();
        return switch (direction) {
            case "inbound" -> new Directions(inbound + 1, outbound, both, others);
            case "outbound" -> new Directions(inbound, outbound + 1, both, others);
            case "both" -> new Directions(inbound, outbound, both + 1, others);
            default -> new Directions(inbound, outbound, both, others + 1);
        };
    }
}
