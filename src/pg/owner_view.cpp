#include "pg/owner_view.hpp"

extern "C" {
#include "miscadmin.h"
}

namespace migrate::pg {

OwnerView begin_owner_view() {
    OwnerView view = {InvalidOid, 0};
    GetUserIdAndSecContext(&view.user, &view.context);
    SetUserIdAndSecContext(view.user, view.context | SECURITY_NOFORCE_RLS);
    return view;
}

void end_owner_view(const OwnerView &view) {
    SetUserIdAndSecContext(view.user, view.context);
}

} // namespace migrate::pg
