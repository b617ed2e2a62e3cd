package io.flexmetry.processors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

class CachedTableTest {

    private final Map<String, byte[]> stored = new TreeMap<>();
    private final List<String> lookedUp = new ArrayList<>();
    private final CachedTable<String> table = open();

    @Test
    void shouldReadAKeyOnceWhetherItIsThereOrNot() {
        stored.put("names/a", "Ana".getBytes(StandardCharsets.UTF_8));

        assertThat(table.get("a")).isEqualTo("Ana");
        assertThat(table.get("a")).isEqualTo("Ana");
        assertThat(table.get("b")).isNull();
        assertThat(table.get("b", "nobody")).isEqualTo("nobody");
        assertThat(lookedUp).containsExactly("names/a", "names/b");
    }

    @Test
    void shouldReturnWhatWasPutAfterTheKeyWasAbsent() {
        assertThat(table.get("a")).isNull();
        table.put("a", "Ana");

        assertThat(table.get("a")).isEqualTo("Ana");
        assertThat(open().get("a")).isEqualTo("Ana");
    }

    @Test
    void shouldNotReturnWhatWasDeleted() {
        table.put("a", "Ana");
        table.delete("a");

        assertThat(table.get("a")).isNull();
        assertThat(open().get("a")).isNull();
    }

    @Test
    void shouldReadAKeyAgainThatWasEvicted() {
        table.put("a", "Ana");
        table.put("b", "Ben");
        table.put("c", "Chloe");

        assertThat(table.get("a")).isEqualTo("Ana");
        assertThat(lookedUp).containsExactly("names/a");
    }

    private CachedTable<String> open() {
        return new CachedTable<>(new Table.Definition<>("store", "names", Serdes.String()).in(countingStore()), 2);
    }

    @SuppressWarnings("unchecked")
    private KeyValueStore<String, byte[]> countingStore() {
        return (KeyValueStore<String, byte[]>) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {KeyValueStore.class}, (proxy, method, arguments) -> {
                    String key = (String) arguments[0];
                    switch (method.getName()) {
                        case "get" -> {
                            lookedUp.add(key);
                            return stored.get(key);
                        }
                        case "put" -> stored.put(key, (byte[]) arguments[1]);
                        case "delete" -> {
                            return stored.remove(key);
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }
}
