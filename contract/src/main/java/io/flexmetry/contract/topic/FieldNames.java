package io.flexmetry.contract.topic;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.IOContext;
import com.fasterxml.jackson.core.json.ByteSourceJsonBootstrapper;
import com.fasterxml.jackson.core.sym.ByteQuadsCanonicalizer;
import java.io.IOException;

/**
 * Makes the parsers of one type, with a small table of field names. Jackson's own table grows to 6,000 names, and each record
 * that has a new name copies all of it. Keys of our maps are SIDs: almost every state has new ones, and copying took most of
 * the time of reading it.
 */
final class FieldNames extends JsonFactory {

    private static final long serialVersionUID = 1L;

    /** More names than any type has fields. A larger table is full of SIDs; an empty one replaces it. */
    static final int MOST = 256;

    // threads may replace it at the same time: the names of a lost table are learnt again
    private transient volatile ByteQuadsCanonicalizer names = ByteQuadsCanonicalizer.createRoot();

    /**
     * An empty table.
     *
     * @param duplicateKeysAllowed whether an object may have a key twice, of which the last one counts; looking for them costs
     *     a set for each object
     */
    FieldNames(boolean duplicateKeysAllowed) {
        super(new JsonFactoryBuilder()
                .disable(Feature.INTERN_FIELD_NAMES)
                .configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, !duplicateKeysAllowed));
    }

    /** How many names are in the table. */
    int size() {
        return names.size();
    }

    @Override
    protected JsonParser _createParser(byte[] data, int offset, int length, IOContext context) throws IOException {
        _streamReadConstraints.validateDocumentLength(length);
        ByteQuadsCanonicalizer known = names;
        if (known.size() > MOST) {
            known = ByteQuadsCanonicalizer.createRoot();
            names = known;
        }
        return new ByteSourceJsonBootstrapper(context, data, offset, length)
                .constructParser(_parserFeatures, _objectCodec, known, _rootCharSymbols, _factoryFeatures);
    }
}
