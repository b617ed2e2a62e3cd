package io.flexmetry.console.web;

import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Maps paths to handlers. Paths are written as in {@code docs/api/openapi.yaml}, which has the same ones. */
final class Routes {

    private static final Pattern PARAMETER = Pattern.compile("\\{[A-Za-z]+}");

    private final Map<String, Route> routes = new LinkedHashMap<>();

    /** Handles a request. */
    @FunctionalInterface
    interface Handler {

        /**
         * Answers a request.
         *
         * @param path match whose groups are the path's parameters
         */
        void answer(HttpServerRequest request, MatchResult path);
    }

    /** A handler and the parameters of the path. */
    record Match(Handler handler, MatchResult path) {
        void answer(HttpServerRequest request) {
            handler.answer(request, path);
        }
    }

    private record Route(Pattern pattern, Handler handler) {}

    /**
     * Adds a route.
     *
     * @param path a parameter in braces matches one segment, which may be empty
     */
    Routes add(String path, Handler handler) {
        // -1 keeps the empty part after a parameter at the end
        String pattern =
                Arrays.stream(PARAMETER.split(path, -1)).map(Pattern::quote).collect(Collectors.joining("([^/]*)"));
        routes.put(path, new Route(Pattern.compile(pattern), handler));
        return this;
    }

    /** The handler of this path; empty if there is none. */
    Optional<Match> find(String path) {
        for (Route route : routes.values()) {
            Matcher matcher = route.pattern().matcher(path);
            if (matcher.matches()) {
                return Optional.of(new Match(route.handler(), matcher.toMatchResult()));
            }
        }
        return Optional.empty();
    }

    Set<String> paths() {
        return routes.keySet();
    }
}
