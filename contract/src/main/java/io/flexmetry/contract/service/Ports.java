package io.flexmetry.contract.service;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** The ports that a service is going to listen on. */
public final class Ports {

    private Ports() {}

    /**
     * Looks whether a port could be listened on now.
     *
     * @throws SettingsException if not
     */
    public static void requireFree(Variable variable, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // as servers do: a port that still waits for packets of a process that has ended is free
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            throw taken(variable, port);
        }
    }

    /** What to say when something else was faster. */
    public static SettingsException taken(Variable variable, int port) {
        return new SettingsException(
                "Expected port " + port + " (" + variable + ") to be free but something else listens on it");
    }
}
