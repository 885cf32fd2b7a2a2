// Unpacks gzip (RFC 1952) with zlib, all members of a file one after the other, as pigz and bgzip
// write them and RFC 1952, 2.2 allows.
//
//     GzipInflater inflater;
//     while (!inflater.is_done()) {
//         if (inflater.needs_input())
//             inflater.give(packed);                   // an empty view at the end of the file
//         size = inflater.take(bytes, room);
//     }
#pragma once

#include <zlib.h>

#include <cstddef>
#include <memory>
#include <string_view>

namespace migrate::core::csv {

struct CloseInflater {
    void operator()(z_stream *stream) const noexcept {
        inflateEnd(stream);
        delete stream;
    }
};

class GzipInflater {
  public:
    // Throws std::bad_alloc when there is no memory for zlib's window (about 40 kB).
    GzipInflater();

    // True when all packed bytes given so far are used up.
    bool needs_input() const noexcept { return stream_->avail_in == 0 && !is_output_full_; }
    // Further packed bytes, which must live until needs_input(); an empty view says that the file
    // ends here.
    void give(std::string_view packed) noexcept;
    // Up to `size` unpacked bytes; 0 when input is needed or at the end. Throws Error XX001 when
    // the data are damaged, end inside a member, or are followed by something that is no member and
    // no zero padding.
    std::size_t take(char *bytes, std::size_t size);
    bool is_done() const noexcept { return is_done_; }

  private:
    bool begin_member();
    void end_of_input();
    void check(int result) const;

    // On the heap: zlib's state points back at it.
    std::unique_ptr<z_stream, CloseInflater> stream_;
    bool is_in_member_ = true; // the first begins where the file does
    bool is_in_padding_ = false;
    bool is_output_full_ = false;
    bool is_input_over_ = false;
    bool is_done_ = false;
};

} // namespace migrate::core::csv
