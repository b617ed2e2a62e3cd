package io.flexmetry.processors.store;

import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Finds the instance that has a key, by what the instances have told each other. Not for processors: they have their stores. */
public final class StorePlaces implements Place.Finder {

    private final KafkaStreams streams;
    private final @Nullable HostInfo own;

    /**
     * Of a running application.
     *
     * @param address host and port of this instance; absent when it told none: then it has everything, or nobody can say who has
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
            return new Place.Here(tables(null));
        }
        KeyQueryMetadata known =
                streams.queryMetadataForKey(store, key, Serdes.String().serializer());
        if (known == null || known.activeHost().equals(HostInfo.unavailable())) {
            return new Place.OnItsWay();
        }
        return known.activeHost().equals(own)
                ? new Place.Here(tables(known.partition()))
                : new Place.There(known.activeHost().host(), known.activeHost().port());
    }

    private Tables tables(@Nullable Integer partition) {
        return new Tables() {
            @Override
            public <V> Table.View<V> read(Table.Definition<V> table) {
                StoreQueryParameters<ReadOnlyKeyValueStore<String, byte[]>> whole =
                        StoreQueryParameters.fromNameAndType(table.store(), QueryableStoreTypes.keyValueStore());
                return table.read(streams.store(partition == null ? whole : whole.withPartition(partition)));
            }
        };
    }
}
