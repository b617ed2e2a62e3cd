package io.flexmetry.processors;

import io.flexmetry.contract.event.Event;
import io.flexmetry.contract.event.MessageFact;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.api.FixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorContext;
import org.apache.kafka.streams.processor.api.FixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.processor.api.ProcessorWrapper;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.WrappedFixedKeyProcessorSupplier;
import org.apache.kafka.streams.processor.api.WrappedProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Injects bugs and outages into the processor of conversations. The author of a message selects one: {@code bug}, {@code late-bug}
 * (when the next timer fires), {@code disk}, {@code broker}, {@code large} (leads to a record that no topic takes).
 */
public final class Failing implements ProcessorWrapper {

    private static final String LARGE = "x".repeat(13 << 20);

    @Override
    public <KIn, VIn, KOut, VOut> WrappedProcessorSupplier<KIn, VIn, KOut, VOut> wrapProcessorSupplier(
            String name, ProcessorSupplier<KIn, VIn, KOut, VOut> supplier) {
        return name.equals("conversation") ? new Conversation<>(supplier) : ProcessorWrapper.asWrapped(supplier);
    }

    @Override
    public <KIn, VIn, VOut> WrappedFixedKeyProcessorSupplier<KIn, VIn, VOut> wrapFixedKeyProcessorSupplier(
            String name, FixedKeyProcessorSupplier<KIn, VIn, VOut> supplier) {
        return name.equals("conversation-worker-queries")
                ? () -> new Questions<>(supplier.get())
                : ProcessorWrapper.asWrappedFixedKey(supplier);
    }

    private record Conversation<KIn, VIn, KOut, VOut>(ProcessorSupplier<KIn, VIn, KOut, VOut> supplier)
            implements WrappedProcessorSupplier<KIn, VIn, KOut, VOut> {
        @Override
        public Processor<KIn, VIn, KOut, VOut> get() {
            return new Buggy<>(supplier.get());
        }

        @Override
        public Set<StoreBuilder<?>> stores() {
            return supplier.stores();
        }
    }

    private static final class Buggy<KIn, VIn, KOut, VOut> implements Processor<KIn, VIn, KOut, VOut> {
        private final Processor<KIn, VIn, KOut, VOut> whole;
        private boolean failsNext;

        private Buggy(Processor<KIn, VIn, KOut, VOut> whole) {
            this.whole = whole;
        }

        @Override
        @SuppressWarnings("unchecked") // the proxy implements the interface
        public void init(ProcessorContext<KOut, VOut> context) {
            whole.init((ProcessorContext<KOut, VOut>) Proxy.newProxyInstance(
                    Failing.class.getClassLoader(),
                    new Class<?>[] {ProcessorContext.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("forward") && failsNext) {
                            failsNext = false;
                            throw new IllegalStateException("a late bug");
                        }
                        try {
                            return method.invoke(context, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }

        @Override
        public void process(Record<KIn, VIn> record) {
            String author = ((Event) record.value()).fact() instanceof MessageFact message ? message.author() : "";
            switch (author) {
                case "bug" -> throw new IllegalStateException("a bug");
                case "disk" -> throw new ProcessorStateException("disk is away");
                case "broker" -> throw new TimeoutException("broker is away");
                default -> whole.process(record);
            }
            failsNext = author.equals("late-bug");
        }
    }

    private static final class Questions<KIn, VIn, VOut> implements FixedKeyProcessor<KIn, VIn, VOut> {
        private final FixedKeyProcessor<KIn, VIn, VOut> whole;
        private FixedKeyProcessorContext<KIn, VOut> context;

        private Questions(FixedKeyProcessor<KIn, VIn, VOut> whole) {
            this.whole = whole;
        }

        @Override
        public void init(FixedKeyProcessorContext<KIn, VOut> context) {
            this.context = context;
            whole.init(context);
        }

        @Override
        @SuppressWarnings("unchecked") // texts come out of here
        public void process(FixedKeyRecord<KIn, VIn> record) {
            if (record.key().equals("large")) {
                context.forward(record.withValue((VOut) LARGE));
            } else {
                whole.process(record);
            }
        }
    }
}
