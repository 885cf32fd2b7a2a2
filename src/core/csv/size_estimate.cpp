#include "core/csv/size_estimate.hpp"

#include "core/csv/chunk_look.hpp"
#include "core/csv/file_survey.hpp"
#include "core/csv/open_file.hpp"
#include "core/csv/utf16.hpp"
#include "core/error.hpp"

#include <algorithm>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

constexpr std::size_t kSampleSize = std::size_t{32} << 10; // what planning can afford to look at
constexpr double kUnknownRecord = 64;                      // bytes

struct Sample {
    std::string text;
    double packed_bytes = 0; // on disk, of the text
    bool is_whole = false;
};

Sample read_sample(ByteStream &stream) {
    Sample sample;
    sample.text.resize(kSampleSize);
    std::size_t filled = 0;
    for (std::size_t size = 1; size != 0 && filled < kSampleSize; filled += size)
        size = stream.read(sample.text.data() + filled, kSampleSize - filled);
    sample.is_whole = filled < kSampleSize;
    sample.text.resize(filled);
    // What an unpacker has read ahead is not what the text took.
    sample.packed_bytes = stream.is_compressed() && sample.is_whole
                              ? static_cast<double>(stream.size())
                              : static_cast<double>(stream.bytes_read());
    return sample;
}

Encoding encoding_of(const Sample &sample, const CsvOptions &options) {
    return options.encoding == "auto" ? detect_encoding(sample.text, sample.is_whole).encoding
                                      : named_encoding(options.encoding, sample.text);
}

// Bytes on disk for a record, and whether the file can be split.
double measure_record(const std::string &path, const CsvOptions &options,
                      const std::string &os_user, SizeEstimate &estimate) {
    ByteStream stream(path, {options.compression, os_user});
    Sample sample = read_sample(stream);
    const Encoding encoding = encoding_of(sample, options);
    std::string text = sample.text.substr(std::min(encoding.bom_size, sample.text.size()));
    if (encoding.charset == Charset::utf16_le || encoding.charset == Charset::utf16_be) {
        std::string utf8;
        append_utf8(text, encoding.charset, utf8);
        text.swap(utf8);
    }
    const std::size_t end = text.find_last_of("\r\n");
    const double used = sample.is_whole || end == std::string::npos
                            ? 1.0
                            : static_cast<double>(end + 1) / static_cast<double>(text.size());
    if (!sample.is_whole && end != std::string::npos)
        text.resize(end + 1);
    const FileSurvey survey = survey_file(text, sample.is_whole, options, {});
    estimate.can_be_split = can_be_split(survey.found.dialect, encoding, stream.is_compressed());
    const auto records = static_cast<double>(survey.sample_records + survey.header_records);
    return records == 0 ? kUnknownRecord : sample.packed_bytes * used / records;
}

} // namespace

SizeEstimate estimate_size(const std::vector<std::string> &files, const CsvOptions &options,
                           const std::string &os_user) {
    SizeEstimate estimate;
    const std::string *largest = nullptr;
    std::int64_t most = 0;
    for (const std::string &file : files) {
        FileStamp stamp;
        if (!stamp_at(file, stamp) || stamp.size == 0)
            continue;
        estimate.bytes += static_cast<double>(stamp.size);
        estimate.files++;
        if (stamp.size > most) {
            most = stamp.size;
            largest = &file;
        }
    }
    double record = kUnknownRecord;
    try {
        if (largest != nullptr)
            record = measure_record(*largest, options, os_user, estimate);
    } catch (const Error &) {
        estimate.can_be_split = false;
    }
    estimate.rows = estimate.bytes / record;
    return estimate;
}

} // namespace migrate::core::csv
