#include "core/csv/gzip_inflater.hpp"

#include "core/error.hpp"

#include <algorithm>
#include <limits>
#include <new>
#include <string>

#include "core/core_only.hpp"

namespace migrate::core::csv {
namespace {

// 15 bits of window, and 16 for "a gzip header, no zlib header" (zlib.h, inflateInit2).
constexpr int kGzipWindow = 15 + 16;
constexpr char kHint[] = "Get the file anew; \"gzip -t\" says whether it is whole.";

[[noreturn]] void fail_gzip(const char *detail) {
    throw Error(sqlstate::kDataCorrupted, "the gzip data are damaged")
        .with_detail(detail)
        .with_hint(kHint);
}

uInt as_size(std::size_t size) noexcept {
    return static_cast<uInt>(std::min<std::size_t>(size, std::numeric_limits<uInt>::max()));
}

} // namespace

GzipInflater::GzipInflater() : stream_(new z_stream()) {
    if (inflateInit2(stream_.get(), kGzipWindow) != Z_OK)
        throw std::bad_alloc();
}

void GzipInflater::give(std::string_view packed) noexcept {
    // zlib does not write here; its interface is older than const.
    stream_->next_in = reinterpret_cast<Bytef *>(const_cast<char *>(packed.data()));
    stream_->avail_in = as_size(packed.size());
    is_input_over_ = packed.empty();
}

std::size_t GzipInflater::take(char *bytes, std::size_t size) {
    stream_->next_out = reinterpret_cast<Bytef *>(bytes);
    stream_->avail_out = as_size(size);
    is_output_full_ = false;
    while (stream_->avail_out > 0 && !is_done_ && begin_member()) {
        const int result = inflate(stream_.get(), Z_NO_FLUSH);
        if (result == Z_STREAM_END)
            is_in_member_ = false;
        else
            check(result);
        if (stream_->avail_in == 0 && stream_->avail_out > 0 && result != Z_STREAM_END)
            break;
    }
    if (stream_->avail_in == 0 && is_input_over_ && stream_->avail_out > 0)
        end_of_input();
    is_output_full_ = stream_->avail_out == 0;
    return as_size(size) - stream_->avail_out;
}

// RFC 1952, 2.2: members follow one another with nothing between them. Tapes and some tools fill
// up with zeros after the last, which gzip passes over too. False when input is needed.
bool GzipInflater::begin_member() {
    if (is_in_member_)
        return true;
    while (stream_->avail_in > 0 && *stream_->next_in == 0) {
        is_in_padding_ = true;
        stream_->next_in++;
        stream_->avail_in--;
    }
    if (stream_->avail_in == 0)
        return false;
    if (is_in_padding_ || *stream_->next_in != 0x1F)
        fail_gzip("Something that is no gzip data follows the end of them.");
    if (inflateReset(stream_.get()) != Z_OK)
        fail_gzip("The data could not be read from the begin of a member.");
    is_in_member_ = true;
    return true;
}

void GzipInflater::end_of_input() {
    if (is_in_member_)
        fail_gzip("The data end before the end of what was packed.");
    is_done_ = true;
}

void GzipInflater::check(int result) const {
    if (result == Z_MEM_ERROR)
        throw std::bad_alloc();
    if (result == Z_OK || result == Z_BUF_ERROR) // no room or no input left: not an error
        return;
    const std::string why = stream_->msg != nullptr ? stream_->msg : "unknown";
    fail_gzip(("The library zlib says: " + why + ".").c_str());
}

} // namespace migrate::core::csv
