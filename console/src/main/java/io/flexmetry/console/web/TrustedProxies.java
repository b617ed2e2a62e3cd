package io.flexmetry.console.web;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reverse proxies that authenticate people and add a header with the user's name. The header counts only on connections
 * from the proxies' own addresses; {@code X-Forwarded-For} is ignored, because anybody can send it.
 */
public final class TrustedProxies {

    /** A field name of RFC 9110. */
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    /** Headers that clients or proxies send without authentication, too. */
    private static final Set<String> OF_EVERYBODY = Set.of(
            "accept",
            "accept-encoding",
            "accept-language",
            "authorization",
            "cache-control",
            "connection",
            "cookie",
            "forwarded",
            "host",
            "last-event-id",
            "origin",
            "referer",
            "user-agent",
            "via",
            "x-forwarded-for",
            "x-forwarded-host",
            "x-forwarded-port",
            "x-forwarded-proto",
            "x-real-ip",
            "x-request-id");

    /** The prefix of 10.0.0.0/8, the largest private network: a shorter one is probably a typo. */
    private static final int SHORTEST_PREFIX = 8;

    private static final int ANY_PORT = 0;

    private final String header;
    private final List<IpSubnetFilterRule> ranges;

    private TrustedProxies(String header, List<IpSubnetFilterRule> ranges) {
        this.header = header;
        this.ranges = ranges;
    }

    /**
     * Parses the settings.
     *
     * @param header name of the header
     * @param addresses comma-separated IP addresses or ranges such as {@code 10.1.0.0/16}
     * @throws SettingsException if the header does not imply authentication, or if an address is invalid or a range too
     *     wide
     */
    public static TrustedProxies of(String header, String addresses) {
        if (!NAME.matcher(header).matches()) {
            throw new SettingsException("Expected " + Variable.FLEXMETRY_CONSOLE_PROXY_HEADER
                    + " to be the name of a header such as X-Forwarded-User but it is " + header);
        }
        if (OF_EVERYBODY.contains(header.toLowerCase(Locale.ROOT))) {
            throw new SettingsException("Expected " + Variable.FLEXMETRY_CONSOLE_PROXY_HEADER
                    + " to be a header that only authenticated requests have, such as X-Forwarded-User, but it is "
                    + header);
        }
        List<IpSubnetFilterRule> ranges = new ArrayList<>();
        for (String address : addresses.split(",", -1)) {
            ranges.add(range(address.strip()));
        }
        return new TrustedProxies(header, List.copyOf(ranges));
    }

    private static IpSubnetFilterRule range(String text) {
        int slash = text.indexOf('/');
        InetAddress address = parse(slash < 0 ? text : text.substring(0, slash));
        if (address == null) {
            throw wrong(text);
        }
        int longest = address.getAddress().length * Byte.SIZE;
        int prefix;
        try {
            prefix = slash < 0 ? longest : Integer.parseInt(text.substring(slash + 1));
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
        if (prefix < 0 || prefix > longest) {
            throw wrong(text);
        }
        if (prefix < SHORTEST_PREFIX || address.isAnyLocalAddress()) {
            throw new SettingsException("Expected " + Variable.FLEXMETRY_CONSOLE_PROXIES
                    + " to be proxies only, in ranges of /" + SHORTEST_PREFIX + " or smaller, but one is " + text
                    + ": the header is trusted on every connection from there");
        }
        return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
    }

    private static SettingsException wrong(String text) {
        return new SettingsException("Expected " + Variable.FLEXMETRY_CONSOLE_PROXIES
                + " to be IP addresses or ranges such as 10.0.0.5 or 10.1.0.0/16, with commas between them, but one is "
                + text);
    }

    /** Without DNS, because a name could resolve to another address later. */
    private static @Nullable InetAddress parse(@Nullable String text) {
        byte[] address = text == null ? null : NetUtil.createByteArrayFromIpAddressString(text);
        try {
            return address == null ? null : InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("Expected 4 or 16 bytes but there are " + address.length, e);
        }
    }

    /** Name of the header. */
    String header() {
        return header;
    }

    /**
     * Whether a trusted proxy has authenticated the request.
     *
     * @param address remote address of the connection; absent if it is closed
     * @param users values of the header; if there are two, one is the client's own, which the proxy should have removed
     */
    boolean vouch(@Nullable String address, List<String> users) {
        InetAddress from = parse(address);
        return from != null
                && users.size() == 1
                && !users.get(0).isBlank()
                && ranges.stream().anyMatch(range -> range.matches(new InetSocketAddress(from, ANY_PORT)));
    }

    @Override
    public String toString() {
        return "TrustedProxies[" + header + "]";
    }
}
