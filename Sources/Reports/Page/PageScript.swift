/// What a page does beyond being read; everything works without it.
package enum PageScript {
    package static let text = """
        (()=>{const d=document,r=d.documentElement;r.classList.add('js');
        const on=(s,e,f)=>d.querySelectorAll(s).forEach(x=>x.addEventListener(e,f));
        on('#theme','click',()=>{const dark=r.dataset.theme?r.dataset.theme==='dark':matchMedia('(prefers-color-scheme: dark)').matches;r.dataset.theme=dark?'light':'dark'});
        on('#fold','click',e=>{const all=[...d.querySelectorAll('details.code')],open=all.some(x=>x.open);all.forEach(x=>x.open=!open);e.currentTarget.setAttribute('aria-pressed',open)});
        on('.copy','click',e=>{const b=e.currentTarget,c=b.closest('.cell').querySelector('pre.source');navigator.clipboard&&navigator.clipboard.writeText(c.textContent).then(()=>{b.textContent='copied';setTimeout(()=>b.textContent='copy',1200)})});
        addEventListener('beforeprint',()=>d.querySelectorAll('details').forEach(x=>x.open=true));
        const links=new Map([...d.querySelectorAll('nav.toc a')].map(a=>[decodeURIComponent(a.hash.slice(1)),a]));
        if(links.size&&'IntersectionObserver'in window){const seen=new Set(),o=new IntersectionObserver(es=>{es.forEach(e=>e.isIntersecting?seen.add(e.target.id):seen.delete(e.target.id));
        const id=[...links.keys()].find(k=>seen.has(k));if(id){links.forEach(a=>a.removeAttribute('aria-current'));links.get(id).setAttribute('aria-current','true')}},{rootMargin:'0px 0px -60% 0px'});
        links.forEach((_,id)=>{const h=d.getElementById(id);h&&o.observe(h)})}
        d.querySelectorAll('table.sortable th').forEach(h=>{h.tabIndex=0;const sort=()=>{const b=h.closest('table').tBodies[0],c=h.cellIndex,k=h.dataset.d=h.dataset.d==='1'?'-1':'1',v=x=>x.cells[c].dataset.v??x.cells[c].textContent;
        [...b.rows].sort((x,y)=>{const p=v(x),q=v(y);return k*(isNaN(p)||isNaN(q)?p.localeCompare(q):p-q)}).forEach(x=>b.append(x))};h.addEventListener('click',sort);h.addEventListener('keydown',e=>{if(e.key==='Enter')sort()})});
        })()
        """
}
