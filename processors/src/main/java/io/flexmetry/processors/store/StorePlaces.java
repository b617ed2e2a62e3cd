package io.flexmetry.processors.store;

import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Finds the instance that hosts a key, from Kafka Streams' metadata of all instances. For interactive queries; processors use
 * their own stores.
 */
public final class StorePlaces implements Place.Finder {

    private final KafkaStreams streams;
    private final @Nullable HostInfo own;

    /**
     * For a running application.
     *
     * @param address this instance's {@code application.server}; null if it has none. Then every key is looked up locally.
     */
    public StorePlaces(KafkaStreams streams, @Nullable String address) {
        this.streams = streams;
        this.own = address == null ? null : HostInfo.buildFromEndpoint(address);
    }

    @Override
    public Place find(String store, String key) {
        if (!streams.state().isRunningOrRebalancing()) {
            return new Place.OnItsWay();
        }
        if (own == null) {
            return new Place.Here(tables(null, false));
        }
        KeyQueryMetadata known = metadata(store, key);
        return known == null || known.activeHost().equals(HostInfo.unavailable())
                ? new Place.OnItsWay()
                : place(known.activeHost(), own, known.partition(), false);
    }

    @Override
    public List<Place> standbys(String store, String key) {
        HostInfo here = own;
        KeyQueryMetadata known =
                here == null || !streams.state().isRunningOrRebalancing() ? null : metadata(store, key);
        if (here == null || known == null) {
            return List.of();
        }
        return known.standbyHosts().stream()
                .sorted(Comparator.comparing(host -> !host.equals(here)))
                .map(host -> place(host, here, known.partition(), true))
                .toList();
    }

    private @Nullable KeyQueryMetadata metadata(String store, String key) {
        return streams.queryMetadataForKey(store, key, Serdes.String().serializer());
    }

    private Place place(HostInfo host, HostInfo here, int partition, boolean stale) {
        return host.equals(here) ? new Place.Here(tables(partition, stale)) : new Place.There(host.host(), host.port());
    }

    /** Without {@code stale}, Kafka Streams refuses standby stores and stores that are being restored. */
    private Tables tables(@Nullable Integer partition, boolean stale) {
        return new Tables() {
            @Override
            public <V> Table.View<V> read(Table.Definition<V> table) {
                StoreQueryParameters<ReadOnlyKeyValueStore<String, byte[]>> asked =
                        StoreQueryParameters.fromNameAndType(table.store(), QueryableStoreTypes.keyValueStore());
                asked = partition == null ? asked : asked.withPartition(partition);
                return table.read(streams.store(stale ? asked.enableStaleStores() : asked));
            }
        };
    }
}
