from tests.chromium import DESKTOP, PHONE, axe_violations, sideways, small_targets


def test_shots(open_page, site):
    for name,opt in (("phone",PHONE),("desk",DESKTOP)):
        for scheme in ("light","dark"):
            p=open_page("/offline/",bypass_csp=True,color_scheme=scheme,expected=("",),**opt)
            p.context.add_cookies([{"name":"who","value":"ada","url":site.url}])
            for n,path in (("d","/design/"),("in","/n/linden/"),("sheet","/sheet/"),("off","/offline/"),("404","/nix/")):
                p.goto(site.url+path)
                p.wait_for_timeout(200)
                p.screenshot(path=f"/tmp/browser-work/{n}-{name}-{scheme}.png",full_page=True)
                print(n,name,scheme,axe_violations(p),small_targets(p),sideways(p))
            p.context.close()
