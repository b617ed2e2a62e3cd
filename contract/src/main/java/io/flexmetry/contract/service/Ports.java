package io.flexmetry.contract.service;

import io.flexmetry.contract.settings.SettingsException;
import io.flexmetry.contract.settings.Variable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Checks ports before a service listens on them. */
public final class Ports {

    private Ports() {}

    /** @throws SettingsException if the port cannot be listened on now */
    public static void requireFree(Variable variable, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            // as servers do: a port in TIME_WAIT is free
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(port));
        } catch (IOException e) {
            throw taken(variable, port);
        }
    }

    /** The error for a port that is in use. */
    public static SettingsException taken(Variable variable, int port) {
        return new SettingsException(
                "Expected port " + port + " (" + variable + ") to be free but something else listens on it");
    }
}
