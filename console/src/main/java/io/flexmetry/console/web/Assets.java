package io.flexmetry.console.web;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** The static files of the page and of the API description, from the class path. */
public final class Assets {

    private static final String FOLDER = "/console/";

    /** The chart library; the version is that of the dependency. */
    private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";

    /** Files that are served from other jars. */
    private static final Map<String, String> LIBRARIES = Map.of(
            "uplot/uplot.js", UPLOT + "dist/uPlot.esm.js",
            "uplot/uplot.css", UPLOT + "dist/uPlot.min.css",
            "uplot/license.txt", UPLOT + "LICENSE");

    /** No path traversal. */
    private static final Pattern PATH = Pattern.compile("(?:[a-z0-9-]+/)?[a-z0-9-]+\\.(html|css|js|svg|txt|yaml|json)");

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "svg", "image/svg+xml",
            "txt", "text/plain; charset=utf-8",
            "yaml", "application/yaml",
            "json", "application/schema+json");

    private final Map<String, Optional<Asset>> read = new ConcurrentHashMap<>();

    /** A file. */
    public record Asset(String type, Buffer content) {}

    /** The file of this path; absent if there is none. */
    public Optional<Asset> find(String path) {
        // only paths that match the pattern are cached, so that invented ones take no memory
        return PATH.matcher(path).matches() ? read.computeIfAbsent(path, Assets::load) : Optional.empty();
    }

    private static Optional<Asset> load(String path) {
        try (InputStream in = Assets.class.getResourceAsStream(LIBRARIES.getOrDefault(path, FOLDER + path))) {
            if (in == null) {
                return Optional.empty();
            }
            String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
            return Optional.of(new Asset(type, Buffer.buffer(in.readAllBytes())));
        } catch (IOException e) {
            throw new UncheckedIOException("Expected to read " + path + " from the jar", e);
        }
    }
}
